package io.holdfast.api.message;

/**
 * Something asked of a daemon.
 *
 * @param <A> what it answers when nothing goes wrong
 */
public sealed interface Request<A extends Answer> permits ClusterRequest, StorageRequest {
    /** The type of the answer, so that a client can check what came back. */
    Class<A> answerType();
}
