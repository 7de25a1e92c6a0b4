/** SCSI target and initiator. */
package io.holdfast.iscsi;
