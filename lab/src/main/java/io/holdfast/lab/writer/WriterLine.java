package io.holdfast.lab.writer;

import java.util.Optional;

/**
 * What a writer tells the lab, a line each. Times are {@link System#nanoTime}: one kernel, so they
 * can be compared between processes of the lab.
 */
sealed interface WriterLine {
    /** Logged in; writing may begin. */
    record Ready() implements WriterLine {
        @Override
        public String encode() {
            return "ready";
        }
    }

    /** Written and flushed. */
    record Acknowledged(long sequence, long block, long atNanos) implements WriterLine {
        @Override
        public String encode() {
            return "ack " + sequence + " " + block + " " + atNanos;
        }
    }

    /** No writes from here until {@link Resumed}; none is under way. */
    record Paused(long atNanos) implements WriterLine {
        @Override
        public String encode() {
            return "paused " + atNanos;
        }
    }

    record Resumed(long atNanos) implements WriterLine {
        @Override
        public String encode() {
            return "resumed " + atNanos;
        }
    }

    /** A block that is not what it should be. */
    record Damaged(long block, String text) implements WriterLine {
        @Override
        public String encode() {
            return "damaged " + block + " " + text;
        }
    }

    /** Every acknowledged block was read back. */
    record Verified(long blocks, long damaged) implements WriterLine {
        @Override
        public String encode() {
            return "verified " + blocks + " " + damaged;
        }
    }

    /** Something worth knowing: the connection broke, or is there again. */
    record Note(long atNanos, String text) implements WriterLine {
        @Override
        public String encode() {
            return "note " + atNanos + " " + text;
        }
    }

    String encode();

    /** Empty for a line that is none of these, such as a warning of the JVM. */
    static Optional<WriterLine> parse(String line) {
        String[] words = line.split(" ", 4);
        try {
            return switch (words[0]) {
                case "ready" -> Optional.of(new Ready());
                case "ack" ->
                        Optional.of(
                                new Acknowledged(
                                        Long.parseLong(words[1]),
                                        Long.parseLong(words[2]),
                                        Long.parseLong(words[3])));
                case "paused" -> Optional.of(new Paused(Long.parseLong(words[1])));
                case "resumed" -> Optional.of(new Resumed(Long.parseLong(words[1])));
                case "damaged" ->
                        Optional.of(new Damaged(Long.parseLong(words[1]), after(line, 2)));
                case "verified" ->
                        Optional.of(
                                new Verified(Long.parseLong(words[1]), Long.parseLong(words[2])));
                case "note" -> Optional.of(new Note(Long.parseLong(words[1]), after(line, 2)));
                default -> Optional.empty();
            };
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    private static String after(String line, int words) {
        String[] parts = line.split(" ", words + 1);
        return parts.length > words ? parts[words] : "";
    }
}
