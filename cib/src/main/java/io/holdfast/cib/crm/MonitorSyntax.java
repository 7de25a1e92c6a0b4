package io.holdfast.cib.crm;

import io.holdfast.cib.xml.Element;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code monitor RESOURCE[:ROLE] INTERVAL[:TIMEOUT]}: a monitor for a resource defined elsewhere.
 */
final class MonitorSyntax implements Syntax {
    @Override
    public List<Definition> read(Cursor in) throws SyntaxMistake {
        String[] resource = in.next("a resource").split(":", 2);
        String role = resource.length < 2 ? "" : Roles.toCib(resource[1], in);
        String[] times = in.next("an interval").split(":", 2);
        in.expectEnd();
        Element operation =
                ResourceSyntax.monitor(
                        resource[0], role, times[0], times.length < 2 ? "" : times[1]);
        return List.of(new Definition.OfMonitor(resource[0], operation));
    }

    @Override
    public @Nullable List<String> print(Element element, PrintIds ids) {
        return null; // monitors are printed with their resources
    }
}
