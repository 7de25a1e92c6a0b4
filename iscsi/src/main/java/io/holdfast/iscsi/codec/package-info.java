/**
 * Bytes of iSCSI and SCSI to records and back.
 *
 * <p>Read {@link io.holdfast.iscsi.codec.Bhs} (the 48 byte header of every PDU) first, then {@link
 * io.holdfast.iscsi.codec.TextKeys} and {@link io.holdfast.iscsi.codec.LoginPdu}; on the SCSI side
 * {@link io.holdfast.iscsi.codec.CdbCodec} and {@link io.holdfast.iscsi.codec.ScsiDataCodec}.
 */
package io.holdfast.iscsi.codec;
