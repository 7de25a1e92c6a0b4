package io.holdfast.vrrp.codec;

import io.holdfast.vrrp.core.Advert;
import io.holdfast.vrrp.core.AdvertSource;
import io.holdfast.vrrp.core.Rejection;
import java.util.Optional;
import java.util.OptionalInt;

/** What a packet turned out to be. */
public sealed interface DecodedPacket {
    /** An advert whose form, checksum and (with AH) integrity value are right. */
    record Good(Advert advert, AdvertSource source) implements DecodedPacket {}

    /**
     * Something else.
     *
     * @param source empty when not even that could be read
     * @param virtualRouterId whom it claims to be for; empty when it could not be read
     */
    record Bad(
            Rejection cause,
            String detail,
            Optional<AdvertSource> source,
            OptionalInt virtualRouterId)
            implements DecodedPacket {}
}
