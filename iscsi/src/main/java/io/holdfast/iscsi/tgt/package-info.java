/**
 * What administrators of tgt have and expect: its {@code targets.conf} read ({@link
 * io.holdfast.iscsi.tgt.TgtConf}), its identities ({@link io.holdfast.iscsi.tgt.TgtIdentity}) and
 * the text of {@code tgtadm --mode target --op show} ({@link io.holdfast.iscsi.tgt.TgtadmText}).
 */
@NullMarked
package io.holdfast.iscsi.tgt;

import org.jspecify.annotations.NullMarked;
