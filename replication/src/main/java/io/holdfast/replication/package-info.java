/** One block volume on several nodes. */
package io.holdfast.replication;
