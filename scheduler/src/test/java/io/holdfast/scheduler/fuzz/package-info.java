/**
 * Random clusters: decided by us and by Debian's crm_simulate and compared, or damaged and decided,
 * which must end in findings or a decision. Start at {@link
 * io.holdfast.scheduler.fuzz.DifferentialFuzzTest}; what a seed gives is made by {@link
 * io.holdfast.scheduler.fuzz.RandomCluster}.
 */
package io.holdfast.scheduler.fuzz;
