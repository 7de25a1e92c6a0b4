/** The replication protocol as a pure core. */
@org.jspecify.annotations.NullMarked
package io.holdfast.replication.core;
