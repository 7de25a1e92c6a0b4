/**
 * Where the process's lines go: syslog, the console, a file, as its options say. Also takes what
 * other rooms log by SLF4J; a logging framework would cost more memory than all of VRRP.
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.daemon.keepalived.log;
