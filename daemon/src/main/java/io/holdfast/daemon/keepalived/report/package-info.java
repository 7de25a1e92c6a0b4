/**
 * What is, as text: Keepalived's data, statistics and JSON files, Prometheus metrics, and the view
 * of {@code holdfast keepalived status}. All are made of one {@link
 * io.holdfast.daemon.keepalived.report.Snapshot}.
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.daemon.keepalived.report;
