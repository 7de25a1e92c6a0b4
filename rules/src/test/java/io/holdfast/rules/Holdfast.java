package io.holdfast.rules;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Optional;

/** The product's classes, read once, and where in the house they stand. */
final class Holdfast {
    private static final String ROOT = "io.holdfast.";
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("io.holdfast");

    private Holdfast() {}

    static JavaClasses classes() {
        return CLASSES;
    }

    static List<Dependency> dependencies() {
        return CLASSES.stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(dependency -> room(dependency.getTargetClass()).isPresent())
                .toList();
    }

    /** The room a class stands in; empty for the JDK and libraries. */
    static Optional<String> room(JavaClass type) {
        String name = type.getPackageName();
        if (!name.startsWith(ROOT)) {
            return Optional.empty();
        }
        String rest = name.substring(ROOT.length());
        int dot = rest.indexOf('.');
        return Optional.of(dot < 0 ? rest : rest.substring(0, dot));
    }

    /** core, codec or driver; empty for other packages. */
    static Optional<String> layer(JavaClass type) {
        String[] parts = type.getPackageName().split("\\.");
        for (int i = 3; i < parts.length; i++) {
            if (parts[i].equals("core") || parts[i].equals("codec") || parts[i].equals("driver")) {
                return Optional.of(parts[i]);
            }
        }
        return Optional.empty();
    }
}
