package io.holdfast.iscsi.tgt;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;
import io.holdfast.iscsi.core.login.ChapAccount;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * tgt's targets.conf (targets.conf(5)): directives, {@code <target IQN>} sections, and stores in
 * one line or as sections. What has no meaning here is warned of; what cannot be obeyed is an error
 * that names file and line.
 */
public final class TgtConf {
    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_FILES = 64;

    /** Directives that change how tgt stores or connects, which is decided elsewhere here. */
    private static final List<String> WITHOUT_MEANING =
            List.of(
                    "default-driver",
                    "driver",
                    "ignore-errors",
                    "control-port",
                    "bs-type",
                    "bsoflags",
                    "device-type",
                    "sense_format",
                    "removable",
                    "online",
                    "path",
                    "mode_page",
                    "params",
                    "allow-in-use",
                    "scsi_id",
                    "block-size");

    private final List<TgtTarget> targets = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private int filesRead;

    private TgtConf() {}

    /**
     * Reads a file and what it includes.
     *
     * @throws ProblemException naming file and line of what cannot be obeyed
     */
    public static TgtConf read(Path file) {
        TgtConf conf = new TgtConf();
        conf.readFile(file);
        return conf;
    }

    /** For a text that includes nothing. */
    public static TgtConf parse(String text) {
        TgtConf conf = new TgtConf();
        conf.readText("targets.conf", Path.of("."), text);
        return conf;
    }

    public List<TgtTarget> targets() {
        return List.copyOf(targets);
    }

    /** What was read and not obeyed, and why; for people. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    private void readFile(Path file) {
        if (++filesRead > MAX_FILES) {
            throw wrong(file.toString(), "it includes more than " + MAX_FILES + " files");
        }
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw wrong(file.toString(), "it is longer than " + MAX_BYTES + " bytes");
            }
            readText(file.toString(), file.toAbsolutePath().getParent(), Files.readString(file));
        } catch (IOException e) {
            throw wrong(file.toString(), "it cannot be read: " + e);
        }
    }

    private static ProblemException wrong(String where, String why) {
        return new ProblemException(
                new Problem(
                        "the configuration of targets cannot be used",
                        where,
                        why,
                        "see targets.conf(5), and correct it"));
    }

    /** What is being read: one line at a time. */
    private static final class Section {
        final String iqn;
        int tid;
        final List<String> initiators = new ArrayList<>();
        final List<ChapAccount> incoming = new ArrayList<>();
        Optional<ChapAccount> outgoing = Optional.empty();
        final Map<String, String> common = new LinkedHashMap<>();
        final List<Map<String, String>> stores = new ArrayList<>();

        Section(String iqn, int tid) {
            this.iqn = iqn;
            this.tid = tid;
        }

        TgtTarget finish(String where) {
            List<TgtTarget.Store> finished = new ArrayList<>();
            TreeSet<Integer> taken = new TreeSet<>();
            for (Map<String, String> store : stores) {
                int next = 1;
                while (taken.contains(next)) {
                    next++;
                }
                int lun = number(where, store.getOrDefault("lun", Integer.toString(next)));
                if (lun == 0 || !taken.add(lun)) {
                    throw wrong(where, "LUN " + lun + " is the controller's or named twice");
                }
                finished.add(store(where, lun, store));
            }
            return new TgtTarget(tid, iqn, finished, initiators, incoming, outgoing);
        }

        private TgtTarget.Store store(String where, int lun, Map<String, String> own) {
            Map<String, String> all = new LinkedHashMap<>(common);
            all.putAll(own);
            return new TgtTarget.Store(
                    lun,
                    all.getOrDefault("backing-store", ""),
                    on(where, all.getOrDefault("write-cache", "on")),
                    on(where, all.getOrDefault("readonly", "0")),
                    on(where, all.getOrDefault("thin-provisioning", "0")),
                    all.getOrDefault("vendor_id", TgtIdentity.VENDOR),
                    all.getOrDefault("product_id", TgtIdentity.PRODUCT),
                    all.getOrDefault("product_rev", TgtIdentity.REVISION),
                    all.getOrDefault("scsi_sn", TgtIdentity.serial(tid, lun)));
        }
    }

    private void readText(String name, @Nullable Path folder, String text) {
        @Nullable Section target = null;
        @Nullable Map<String, String> store = null;
        int line = 0;
        for (String raw : text.split("\n", -1)) {
            String where = name + " line " + ++line;
            String stripped = raw.strip();
            if (stripped.isEmpty() || stripped.startsWith("#")) {
                continue;
            }
            String[] words = words(stripped);
            if (stripped.startsWith("</")) {
                if (store != null) {
                    store = null;
                } else if (target != null) {
                    targets.add(target.finish(where));
                    target = null;
                } else {
                    throw wrong(where, "\"" + stripped + "\" closes nothing");
                }
            } else if (stripped.startsWith("<")) {
                if (target == null && words[0].equals("target")) {
                    target = begin(where, words);
                } else if (target != null && store == null && isStore(words[0])) {
                    store = newStore(where, target, words);
                } else {
                    throw wrong(where, "the section \"" + words[0] + "\" does not belong here");
                }
            } else if (store != null) {
                option(where, store, words);
            } else if (target != null) {
                directive(where, target, words);
            } else {
                global(where, folder, words);
            }
        }
        if (target != null) {
            throw wrong(name, "target " + target.iqn + " is not closed by </target>");
        }
    }

    private static String[] words(String line) {
        String inner = line.startsWith("<") ? line.replaceAll("^<|>$", "") : line;
        String[] words = inner.strip().split("\\s+", -1);
        words[0] = words[0].toLowerCase(Locale.ROOT);
        for (int i = 1; i < words.length; i++) {
            words[i] = words[i].replaceAll("^\"|\"$", "");
        }
        return words;
    }

    private Section begin(String where, String[] words) {
        String iqn = words.length > 1 ? words[1] : "";
        if (!iqn.matches("(iqn|eui|naa)\\.[A-Za-z0-9.:_-]{1,219}")) {
            throw wrong(where, "\"" + iqn + "\" is no iSCSI name such as iqn.2016-12.org.lr:lvm");
        }
        if (targets.stream().anyMatch(t -> t.iqn().equals(iqn))) {
            throw wrong(where, "target " + iqn + " is named twice");
        }
        return new Section(iqn, targets.size() + 1);
    }

    private static boolean isStore(String word) {
        return word.equals("backing-store") || word.equals("direct-store");
    }

    private Map<String, String> newStore(String where, Section target, String[] words) {
        Map<String, String> store = new LinkedHashMap<>();
        store.put("backing-store", argument(where, words));
        target.stores.add(store);
        if (words[0].equals("direct-store")) {
            warnings.add(where + ": direct-store is served as backing-store");
        }
        return store;
    }

    private void global(String where, @Nullable Path folder, String[] words) {
        switch (words[0]) {
            case "include" -> include(where, folder, argument(where, words));
            case "incomingdiscoveryuser", "outgoingdiscoveryuser" ->
                    warnings.add(
                            where
                                    + ": discovery asks for no password here; it shows only what"
                                    + " the initiator's address may use");
            default -> notObeyed(where, words[0]);
        }
    }

    private void notObeyed(String where, String directive) {
        if (!WITHOUT_MEANING.contains(directive) && !directive.startsWith("isns")) {
            throw wrong(where, "\"" + directive + "\" is unknown");
        }
        warnings.add(where + ": " + directive + " has no meaning here");
    }

    private void include(String where, @Nullable Path folder, String pattern) {
        Path wanted = folder == null ? Path.of(pattern) : folder.resolve(pattern);
        Path parent = wanted.getParent();
        Path last = wanted.getFileName();
        if (parent == null || last == null) {
            throw wrong(where, "\"" + pattern + "\" names no file");
        }
        if (!Files.isDirectory(parent)) {
            warnings.add(where + ": there is no folder " + parent);
            return;
        }
        try (DirectoryStream<Path> found = Files.newDirectoryStream(parent, last.toString())) {
            TreeSet<Path> sorted = new TreeSet<>();
            found.forEach(sorted::add);
            sorted.forEach(this::readFile);
        } catch (IOException e) {
            throw wrong(where, "\"" + pattern + "\" cannot be read: " + e);
        }
    }

    private void directive(String where, Section target, String[] words) {
        switch (words[0]) {
            case "backing-store", "direct-store" -> newStore(where, target, words);
            case "initiator-address", "initiator-name" ->
                    target.initiators.add(argument(where, words));
            case "incominguser" -> target.incoming.add(account(where, words));
            case "outgoinguser" -> target.outgoing = Optional.of(account(where, words));
            case "controller_tid" -> target.tid = number(where, argument(where, words));
            default -> option(where, target.common, words);
        }
    }

    private void option(String where, Map<String, String> options, String[] words) {
        switch (words[0]) {
            case "lun",
                    "write-cache",
                    "readonly",
                    "thin-provisioning",
                    "vendor_id",
                    "product_id",
                    "product_rev",
                    "scsi_sn" ->
                    options.put(words[0], argument(where, words));
            default -> notObeyed(where, words[0]);
        }
    }

    private static ChapAccount account(String where, String[] words) {
        if (words.length != 3) {
            throw wrong(where, words[0] + " needs a user and a password");
        }
        return new ChapAccount(words[1], words[2]);
    }

    private static String argument(String where, String[] words) {
        if (words.length != 2 || words[1].isEmpty()) {
            throw wrong(where, words[0] + " needs one value");
        }
        return words[1];
    }

    private static int number(String where, String text) {
        if (!text.matches("[0-9]{1,5}")) {
            throw wrong(where, "\"" + text + "\" is no number up to 99999");
        }
        return Integer.parseInt(text);
    }

    private static boolean on(String where, String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "on", "1", "yes", "true" -> true;
            case "off", "0", "no", "false" -> false;
            default -> throw wrong(where, "\"" + text + "\" is neither on nor off");
        };
    }
}
