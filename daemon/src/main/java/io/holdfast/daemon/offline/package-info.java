/**
 * Commands that decide, check and explain without changing anything: {@code crm_simulate}, {@code
 * crm_verify}, {@code explain}, {@code what-if}. They run the scheduler in their own process, on a
 * file or on what the running cluster says. Read {@code OfflineMain}, {@code CibSource}, then a
 * command.
 */
@NullMarked
package io.holdfast.daemon.offline;

import org.jspecify.annotations.NullMarked;
