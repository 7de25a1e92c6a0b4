package io.holdfast.api.message;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.holdfast.base.NodeId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A resource of the configuration and where it runs. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ResourceStatus.Primitive.class, name = "primitive"),
    @JsonSubTypes.Type(value = ResourceStatus.Group.class, name = "group"),
    @JsonSubTypes.Type(value = ResourceStatus.Clone.class, name = "clone")
})
public sealed interface ResourceStatus {
    String id();

    /**
     * A primitive, or one instance of a cloned one.
     *
     * @param agent {@code class:provider:type}, the provider left out where the class has none
     * @param active everywhere it is active; more than one entry means something is wrong
     * @param failed whether its last state was a failure
     * @param pending what is being done to it right now, such as {@code Starting}; null when
     *     nothing
     */
    record Primitive(
            String id,
            String agent,
            List<Active> active,
            boolean managed,
            boolean failed,
            boolean blocked,
            boolean disabled,
            @Nullable String pending)
            implements ResourceStatus {
        public Primitive {
            active = List.copyOf(active);
        }
    }

    record Group(String id, List<ResourceStatus> members) implements ResourceStatus {
        public Group {
            members = List.copyOf(members);
        }
    }

    /**
     * A clone.
     *
     * @param instances one entry for each instance: a primitive or a group
     */
    record Clone(
            String id,
            String template,
            boolean promotable,
            boolean globallyUnique,
            boolean managed,
            List<ResourceStatus> instances)
            implements ResourceStatus {
        public Clone {
            instances = List.copyOf(instances);
        }
    }

    /** Where an instance is active, and as what. */
    record Active(NodeId node, ActiveRole role) {}

    enum ActiveRole {
        STARTED,
        UNPROMOTED,
        PROMOTED
    }
}
