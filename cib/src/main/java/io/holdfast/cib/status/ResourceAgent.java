package io.holdfast.cib.status;

import io.holdfast.cib.xml.Element;

/**
 * Which agent runs a resource: {@code ocf:heartbeat:IPaddr2}.
 *
 * @param standard the {@code class} of the primitive: ocf, systemd, lsb, stonith …
 * @param provider empty for standards without providers
 */
public record ResourceAgent(String standard, String provider, String type) {
    /** Of a {@code primitive}, {@code template} or {@code lrm_resource} element. */
    public static ResourceAgent of(Element element) {
        return new ResourceAgent(
                element.attribute("class", ""),
                element.attribute("provider", ""),
                element.attribute("type", ""));
    }

    @Override
    public String toString() {
        return provider.isEmpty() ? standard + ":" + type : standard + ":" + provider + ":" + type;
    }
}
