package io.holdfast.iscsi.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.iscsi.core.scsi.LunIdentity;
import io.holdfast.iscsi.core.scsi.ParameterList;
import io.holdfast.iscsi.core.scsi.Provisioning;
import io.holdfast.iscsi.core.scsi.ScsiCommand;
import io.holdfast.iscsi.core.scsi.ScsiData;
import io.holdfast.iscsi.core.scsi.Sense;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CodecTest {
    private static ScsiCommand decode(String hex) {
        ByteBuffer bhs = ByteBuffer.allocate(48);
        bhs.put(32, HexFormat.of().parseHex(hex));
        return CdbCodec.decode(bhs, 32);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The examples of RFC 3720 appendix B.4. */
    @Test
    void digestsAreThoseOfTheStandard() {
        Crc32cDigest digest = new Crc32cDigest();
        digest.reset();
        digest.update(ByteBuffer.allocate(32));
        assertThat(digest.wireValue()).isEqualTo(0xaa36918a);
        byte[] ones = new byte[32];
        java.util.Arrays.fill(ones, (byte) 0xff);
        digest.reset();
        digest.update(ByteBuffer.wrap(ones));
        assertThat(digest.wireValue()).isEqualTo(0x43aba862);
    }

    @Test
    void paddingCountsInTheDigest() {
        Crc32cDigest padded = new Crc32cDigest();
        padded.update(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        padded.pad(1);
        Crc32cDigest whole = new Crc32cDigest();
        whole.update(ByteBuffer.wrap(new byte[] {1, 2, 3, 0}));
        assertThat(padded.wireValue()).isEqualTo(whole.wireValue());
    }

    @Test
    void textKeysSurviveTheWire() {
        SequencedMap<String, String> keys = new LinkedHashMap<>();
        keys.put("InitiatorName", "iqn.2026-01.io.holdfast:a");
        keys.put("Empty", "");
        keys.put("Equals", "a=b");
        assertThat(TextKeys.decode(ByteBuffer.wrap(TextKeys.encode(keys)))).isEqualTo(keys);
    }

    @Test
    void textWithoutKeysTwiceTheSameKeyOrTooMuchIsRefused() {
        assertThatThrownBy(() -> TextKeys.decode(bytes("novalue\0")))
                .isInstanceOf(MalformedPduException.class);
        assertThatThrownBy(() -> TextKeys.decode(bytes("a=1\0a=2\0")))
                .isInstanceOf(MalformedPduException.class);
        assertThatThrownBy(() -> TextKeys.decode(bytes("=x\0")))
                .isInstanceOf(MalformedPduException.class);
        assertThatThrownBy(() -> TextKeys.decode(ByteBuffer.allocate(TextKeys.MAX_BYTES + 1)))
                .isInstanceOf(MalformedPduException.class);
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            many.append('k').append(i).append("=v\0");
        }
        assertThatThrownBy(() -> TextKeys.decode(bytes(many.toString())))
                .isInstanceOf(MalformedPduException.class);
    }

    @Test
    void commandsAreReadAsTheStandardHasThem() {
        assertThat(decode("08012345ff00")).isEqualTo(new ScsiCommand.Read(0x12345, 255, 0, false));
        assertThat(decode("0a0000010000")).isEqualTo(new ScsiCommand.Write(1, 256, 0, false));
        assertThat(decode("28080000000a00000800")).isEqualTo(new ScsiCommand.Read(10, 8, 0, true));
        assertThat(decode("a82000000005ffffffff0000"))
                .isEqualTo(new ScsiCommand.Read(5, 0xffff_ffffL, 1, false));
        assertThat(decode("8a080000000100000000000000100000"))
                .isEqualTo(new ScsiCommand.Write(0x1_0000_0000L, 16, 0, true));
        assertThat(decode("120183010000")).isEqualTo(new ScsiCommand.Inquiry(true, 0x83, 256));
        assertThat(decode("93090000000000000010000000080000"))
                .isEqualTo(new ScsiCommand.WriteSame(16, 8, 0, false, true, false, true));
        assertThat(decode("89000000000000000020000000040000"))
                .isEqualTo(new ScsiCommand.CompareAndWrite(32, 4, 0, false));
        assertThat(decode("9e100000000000000000000000200000"))
                .isEqualTo(new ScsiCommand.ReadCapacity16(32));
        assertThat(decode("5f060000000000001800"))
                .isEqualTo(new ScsiCommand.PersistentReserveOut(6, 0, 0, 24));
        assertThat(decode("ff0000000000")).isEqualTo(new ScsiCommand.Unsupported(0xff));
        assertThat(decode("9e1f00000000")).isEqualTo(new ScsiCommand.InvalidField(1));
    }

    @Test
    void everyFirstByteAndEveryServiceActionDecodes() {
        ByteBuffer cdb = ByteBuffer.allocate(48);
        for (int opcode = 0; opcode < 256; opcode++) {
            for (int second = 0; second < 256; second++) {
                cdb.put(32, (byte) opcode).put(33, (byte) second);
                assertThat(CdbCodec.decode(cdb, 32)).isNotNull();
            }
        }
    }

    @Test
    void senseGoesOutInBothFormats() {
        assertThat(SenseCodec.encode(Sense.LBA_OUT_OF_RANGE, false))
                .isEqualTo(HexFormat.of().parseHex("700005000000000a00000000210000000000"));
        assertThat(SenseCodec.encode(Sense.LBA_OUT_OF_RANGE, true))
                .isEqualTo(HexFormat.of().parseHex("7205210000000000"));
        assertThat(SenseCodec.encode(Sense.miscompareAt(0x200), false))
                .isEqualTo(HexFormat.of().parseHex("f0000e000002000a000000001d0000000000"));
        assertThat(SenseCodec.encode(Sense.invalidFieldInCdb(7), false))
                .isEqualTo(HexFormat.of().parseHex("700005000000000a00000000240000c00007"));
    }

    @Test
    void inquiryDataHasItsFixedPlaces() {
        LunIdentity identity =
                new LunIdentity(
                        "IET",
                        "VIRTUAL-DISK",
                        "0001",
                        "beaf11",
                        "60000000000000000e00000000010001",
                        Provisioning.FULL,
                        false,
                        true,
                        false,
                        "iqn.2016-12.org.lr:lvm");
        byte[] standard = ScsiDataCodec.encode(new ScsiData.StandardInquiry(identity, 0));
        assertThat(standard).hasSize(96);
        assertThat(new String(standard, 8, 28, StandardCharsets.US_ASCII))
                .isEqualTo("IET     VIRTUAL-DISK    0001");
        byte[] page = ScsiDataCodec.encode(new ScsiData.DeviceIdentification(identity));
        // The first designator: binary, NAA, 16 bytes; what scsi_id prints after a 3.
        assertThat(HexFormat.of().formatHex(page, 4, 24))
                .isEqualTo("0103001060000000000000000e00000000010001");
        assertThat(ByteBuffer.wrap(page).getShort(2)).isEqualTo((short) (page.length - 4));
    }

    @Test
    void lunsGoOutInPeripheralAndFlatAddressing() {
        assertThat(ScsiDataCodec.encode(new ScsiData.LunList(List.of(0, 255, 256))))
                .isEqualTo(
                        HexFormat.of()
                                .parseHex(
                                        "0000001800000000"
                                                + "0000000000000000"
                                                + "00ff000000000000"
                                                + "4100000000000000"));
    }

    @Test
    void aCapacityThatTenBytesCannotHoldIsToldAsTheLargest() {
        assertThat(ScsiDataCodec.encode(new ScsiData.Capacity10(0x1_0000_0000L)))
                .isEqualTo(HexFormat.of().parseHex("ffffffff00000200"));
    }

    @Test
    void truncatedOrRandomParameterListsAreMalformedNotFatal() {
        List<ScsiCommand> commands =
                List.of(
                        new ScsiCommand.ModeSelect(false, true, false, 64),
                        new ScsiCommand.ModeSelect(true, true, false, 64),
                        new ScsiCommand.Unmap(false, 64),
                        new ScsiCommand.PersistentReserveOut(0, 0, 0, 24),
                        new ScsiCommand.Sanitize(1, false, false, 64),
                        new ScsiCommand.ExtendedCopy(0, 64));
        SplittableRandom random = new SplittableRandom(7);
        for (ScsiCommand command : commands) {
            for (int length = 0; length < 128; length++) {
                for (int round = 0; round < 50; round++) {
                    byte[] list = new byte[length];
                    random.nextBytes(list);
                    assertThatCode(
                                    () ->
                                            ParameterCodec.decode(
                                                    command, ByteBuffer.wrap(list).slice()))
                            .doesNotThrowAnyException();
                }
            }
        }
    }

    @Test
    void anUnmapListGivesItsWholeDescriptors() {
        ByteBuffer list = ByteBuffer.allocate(8 + 24);
        list.putShort(0, (short) 30).putShort(2, (short) 24).putLong(8, 77).putInt(16, 5);
        ParameterList decoded = ParameterCodec.decode(new ScsiCommand.Unmap(false, 32), list);
        assertThat(decoded)
                .isEqualTo(
                        new ParameterList.UnmapList(
                                List.of(new io.holdfast.iscsi.core.scsi.Extent(77, 5))));
    }
}
