package io.holdfast.vrrp.core;

/**
 * Which adverts count, and how they are answered.
 *
 * @param strict {@code vrrp_strict}: RFC only; no unicast, no authentication in version 2
 * @param accept {@code accept}: packets for the addresses are accepted by a Master that does not
 *     own them; Keepalived's default, against RFC 9568 6.1
 * @param skipAddressCheck {@code skip_check_adv_addr}: the addresses in an advert are not compared
 *     again while they come from the same Master
 * @param answerLowerPriority whether a Master answers an advert of lower priority at once (RFC 9568
 *     6.4.3; false with {@code lower_prio_no_advert})
 * @param sendOnHigherPriority {@code higher_prio_send_advert}: one more advert of ours before
 *     giving way, so that others learn our priority
 * @param downTimerAdverts how many missed adverts make a Master dead; 1 to 100, RFC: 3
 * @param backupOnLateTimer {@code timer_expired_backup}: a Master whose own timer ran late by more
 *     than its down time steps back first
 * @param ownerIgnoresAdverts {@code owner_ignore_adverts}: priority 255 never gives way
 */
public record AdvertRules(
        boolean strict,
        boolean accept,
        boolean skipAddressCheck,
        boolean answerLowerPriority,
        boolean sendOnHigherPriority,
        int downTimerAdverts,
        boolean backupOnLateTimer,
        boolean ownerIgnoresAdverts) {
    public static final AdvertRules DEFAULT =
            new AdvertRules(false, true, false, true, false, 3, false, false);
}
