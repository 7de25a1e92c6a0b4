package io.holdfast.api.message;

/**
 * What a daemon answers to a {@link Request}; its JSON carries the simple class name as its type.
 */
public sealed interface Answer
        permits ClusterStatus,
                ConfigurationLoaded,
                ConfigurationText,
                Done,
                Events,
                Lines,
                LunState,
                StorageStatus,
                TargetState,
                VolumeState {}
