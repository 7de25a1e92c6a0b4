package io.holdfast.vrrp.config.machine;

import java.nio.file.Path;
import java.util.Optional;

/** What a check asks of a machine; tests have one of their own. */
public interface Machine {
    /** The kinds of interface that matter. */
    enum InterfaceKind {
        ORDINARY,
        LOOPBACK,
        MISSING
    }

    InterfaceKind interfaceKind(String name);

    boolean hasUser(String name);

    boolean hasGroup(String name);

    /** Whether this process may take other users' identities. */
    boolean isRoot();

    /** The program that a command names, searched for along PATH when it has no slash. */
    Optional<Path> program(String name);

    /** Why others than root could change what a program does; empty: nobody could. */
    Optional<String> writableByOthers(Path program);
}
