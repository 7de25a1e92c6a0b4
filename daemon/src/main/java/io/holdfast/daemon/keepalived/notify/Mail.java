package io.holdfast.daemon.keepalived.notify;

/** One mail, without its addresses. */
record Mail(String subject, String body) {}
