package io.holdfast.bench;

import io.holdfast.bench.AddressProbe.Probe;
import io.holdfast.linux.net.NetworkNews;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Floating addresses by {@code holdfast keepalived} and by Keepalived: the same hosts, the same
 * file, a client that asks the address every 10 ms.
 */
@Command(
        name = "vrrp",
        description =
                "Crash, stop, script failure, preemption, 255 instances, load, memory and start,"
                        + " beside Debian's Keepalived.",
        mixinStandardHelpOptions = true)
final class VrrpBench implements Callable<Integer> {
    private static final InetAddress VIP = VrrpWorld.address("10.97.0.200");
    private static final int A = VrrpWorld.A;
    private static final int B = VrrpWorld.B;
    private static final int MANY = 255;
    private static final int LOADERS = 4;
    private static final long LOAD_MILLIS = 15_000;

    /** What can be measured. */
    enum Measure {
        CRASH_1,
        CRASH_01,
        CRASH_001,
        STOP,
        SCRIPT,
        PREEMPT,
        PREEMPT_01,
        MANY,
        LOAD,
        START
    }

    @Option(names = "--runs", description = "of each measure (default ${DEFAULT-VALUE})")
    int runs = 7;

    @Option(names = "--only", split = ",", description = "of ${COMPLETION-CANDIDATES}; default all")
    List<Measure> only = List.of(Measure.values());

    @Option(names = "--contender", split = ",", description = "HOLDFAST, KEEPALIVED; default both")
    List<VrrpContender> contenders = List.of(VrrpContender.values());

    @Option(names = "--keep-no-result", description = "print the table, write no file")
    boolean keepNoResult;

    // The phase of a crash against the adverts is drawn, the same for both.
    private SplittableRandom random = new SplittableRandom(1);

    @Override
    public Integer call() throws IOException, InterruptedException {
        ResultTable table =
                new ResultTable(
                        "vrrp", "measure", "unit", "who", "median", "lowest", "highest", "all");
        for (Measure measure : only) {
            for (VrrpContender contender : contenders) {
                if (!contender.isInstalled()) {
                    System.err.println(contender.shown() + " is not installed here");
                    continue;
                }
                random = new SplittableRandom(measure.name().hashCode());
                System.err.println(measure + " " + contender.shown() + " ...");
                measure(measure, contender, table);
            }
        }
        if (keepNoResult) {
            System.out.print(table.markdown());
        } else {
            table.publish(Path.of(System.getenv().getOrDefault("HOLDFAST_HOME", ".")));
        }
        return 0;
    }

    private void measure(Measure measure, VrrpContender contender, ResultTable table)
            throws IOException, InterruptedException {
        switch (measure) {
            case CRASH_1 -> row(table, "crash, advert 1 s", contender, this::crash, V2);
            case CRASH_01 -> row(table, "crash, advert 0.1 s", contender, this::crash, V3_TENTH);
            case CRASH_001 ->
                    row(table, "crash, advert 0.01 s", contender, this::crash, V3_HUNDREDTH);
            case STOP -> row(table, "graceful stop, advert 1 s", contender, this::stop, V2);
            case SCRIPT -> row(table, "script failure to takeover", contender, this::script, V2);
            case PREEMPT ->
                    row(table, "preemption, advert 1 s: lost probes", contender, this::preempt, V2);
            case PREEMPT_01 ->
                    row(
                            table,
                            "preemption, advert 0.1 s: lost probes",
                            contender,
                            this::preempt,
                            V3_TENTH);
            case MANY -> row(table, "start to 255 Masters", contender, this::many, V2);
            case LOAD ->
                    row(
                            table,
                            "advert 0.01 s, " + LOADERS + " busy loops, 15 s: takeovers",
                            contender,
                            this::load,
                            V3_HUNDREDTH);
            case START -> {
                row(table, "start to first Backup", contender, this::start, V2);
                row(table, "RSS, 1 instance", contender, this::memory, V2);
            }
        }
    }

    /** How either of the two says it. */
    private static final Pattern FIRST_BACKUP = Pattern.compile("BACKUP STATE|-> BACKUP");

    private static final String V2 = "  version 2\n  advert_int 1\n";
    private static final String V3_TENTH = "  version 3\n  advert_int 0.1\n";
    private static final String V3_HUNDREDTH = "  version 3\n  advert_int 0.01\n";

    /** One run: a number and its unit, or not a number when it failed. */
    private record Result(double number, String unit) {
        static Result millis(long nanos) {
            return new Result(nanos < 0 ? Double.NaN : nanos / 1e6, "ms");
        }
    }

    private interface Run {
        Result run(VrrpWorld world, String timing) throws IOException, InterruptedException;
    }

    private void row(
            ResultTable table, String what, VrrpContender contender, Run run, String timing)
            throws IOException, InterruptedException {
        List<Double> numbers = new ArrayList<>();
        String unit = "";
        for (int i = 0; i < runs; i++) {
            try (VrrpWorld world = new VrrpWorld(contender)) {
                Result result = run.run(world, timing);
                unit = result.unit();
                numbers.add(result.number());
                System.err.printf(Locale.ROOT, "  %s: %.1f %s%n", what, result.number(), unit);
                if (Double.isNaN(result.number())) {
                    System.err.println(world.logTail(B));
                }
            }
        }
        List<Double> sorted = numbers.stream().filter(n -> !n.isNaN()).sorted().toList();
        table.row(
                what,
                unit,
                contender.shown(),
                sorted.isEmpty() ? "failed" : text(sorted.get(sorted.size() / 2)),
                sorted.isEmpty() ? "" : text(sorted.getFirst()),
                sorted.isEmpty() ? "" : text(sorted.getLast()),
                String.join(" ", numbers.stream().map(VrrpBench::text).toList()));
    }

    private static String text(double number) {
        return Double.isNaN(number)
                ? "failed"
                : String.format(Locale.ROOT, number < 10 ? "%.1f" : "%.0f", number);
    }

    // --- the runs ---

    private Result crash(VrrpWorld world, String timing) throws IOException, InterruptedException {
        try (AddressProbe probe = pair(world, timing)) {
            if (probe.answeredBy() != A) {
                return Result.millis(-1);
            }
            Thread.sleep(200 + random.nextInt(1_000));
            long crashed = System.nanoTime();
            world.crash(A);
            return Result.millis(outageAfter(probe, crashed));
        }
    }

    private Result stop(VrrpWorld world, String timing) throws IOException, InterruptedException {
        try (AddressProbe probe = pair(world, timing)) {
            if (probe.answeredBy() != A) {
                return Result.millis(-1);
            }
            Thread.sleep(200 + random.nextInt(1_000));
            long stopped = System.nanoTime();
            world.stop(A);
            return Result.millis(outageAfter(probe, stopped));
        }
    }

    /** From the failure of what the script looks at to the first answer of the other host. */
    private Result script(VrrpWorld world, String timing) throws IOException, InterruptedException {
        Path flag = world.host(A).root().resolve("healthy");
        Files.writeString(flag, "yes");
        String script =
                "global_defs {\n  enable_script_security\n  script_user root\n}\n"
                        + "vrrp_script healthy {\n  script \"/usr/bin/test -e "
                        + flag
                        + "\"\n  interval 1\n  fall 2\n  rise 1\n}\n";
        try (AddressProbe probe =
                pair(world, timing + "  track_script {\n    healthy\n  }\n", script)) {
            if (probe.answeredBy() != A) {
                return Result.millis(-1);
            }
            Thread.sleep(200 + random.nextInt(1_000));
            long failed = System.nanoTime();
            Files.delete(flag);
            long answered = VrrpWorld.await(8_000, () -> probe.answeredBy() == B);
            return Result.millis(answered < 0 ? -1 : answered - failed);
        }
    }

    /** How many questions stay without an answer while a Master of higher priority comes back. */
    private Result preempt(VrrpWorld world, String timing)
            throws IOException, InterruptedException {
        world.powerOn(A);
        world.powerOn(B);
        world.start(B, configuration(90, timing));
        if (VrrpWorld.await(9_000, () -> world.has(B, VIP)) < 0) {
            return new Result(Double.NaN, "probes");
        }
        try (AddressProbe probe = AddressProbe.start(world.client(), VIP)) {
            Thread.sleep(500);
            long begun = System.nanoTime();
            world.start(A, configuration(100, timing));
            if (VrrpWorld.await(9_000, () -> probe.answeredBy() == A) < 0) {
                return new Result(Double.NaN, "probes");
            }
            Thread.sleep(500);
            long until = System.nanoTime() - 300_000_000;
            long lost =
                    probe.probes().stream()
                            .filter(p -> p.sentNanos() > begun && p.sentNanos() < until)
                            .filter(p -> p.answeredBy() == 0)
                            .count();
            return new Result(lost, "probes");
        }
    }

    private Result many(VrrpWorld world, String timing) throws IOException, InterruptedException {
        StringBuilder all = new StringBuilder(GLOBAL);
        for (int id = 1; id <= MANY; id++) {
            all.append(instance("VI_" + id, id, 100, timing, "10.97.1." + id));
        }
        world.powerOn(A);
        long begun = System.nanoTime();
        world.start(A, all.toString());
        long done = VrrpWorld.await(40_000, () -> world.addresses(A) >= MANY + 1);
        return Result.millis(done < 0 ? -1 : done - begun);
    }

    /** How often the Backup became Master though the Master lived. */
    private Result load(VrrpWorld world, String timing) throws IOException, InterruptedException {
        try (AddressProbe probe = pair(world, timing)) {
            if (probe.answeredBy() != A) {
                return new Result(Double.NaN, "takeovers");
            }
            NetworkNews news = world.host(B).network().call(NetworkNews::open);
            try (news) {
                for (int i = 0; i < LOADERS; i++) {
                    world.load();
                }
                Thread.sleep(LOAD_MILLIS);
                long takeovers =
                        news.take().stream()
                                .filter(
                                        change ->
                                                change
                                                                instanceof
                                                                NetworkNews.Change.AddressAdded
                                                                        added
                                                        && added.address().address().equals(VIP))
                                .count();
                return new Result(takeovers, "takeovers");
            }
        }
    }

    private Result start(VrrpWorld world, String timing) throws IOException, InterruptedException {
        world.powerOn(A);
        long begun = System.nanoTime();
        world.start(A, configuration(100, timing));
        long told =
                VrrpWorld.await(
                        9_000, () -> FIRST_BACKUP.matcher(VrrpContender.log(world.host(A))).find());
        return Result.millis(told < 0 ? -1 : told - begun);
    }

    private Result memory(VrrpWorld world, String timing) throws IOException, InterruptedException {
        world.powerOn(A);
        world.start(A, configuration(100, timing));
        if (VrrpWorld.await(9_000, () -> world.has(A, VIP)) < 0) {
            return new Result(Double.NaN, "MB");
        }
        Thread.sleep(2_000);
        return new Result(world.residentKilobytes(A) / 1024.0, "MB");
    }

    // --- parts ---

    private static AddressProbe pair(VrrpWorld world, String timing) throws InterruptedException {
        return pair(world, timing, "");
    }

    /** Both hosts run, A is Master and the client's questions are answered. */
    private static AddressProbe pair(VrrpWorld world, String timing, String scripts)
            throws InterruptedException {
        world.powerOn(A);
        world.powerOn(B);
        world.start(A, scripts + configuration(100, timing));
        world.start(B, configuration(90, timing.replaceAll("(?s)  track_script.*\\}\n", "")));
        AddressProbe probe = AddressProbe.start(world.client(), VIP);
        long _ = VrrpWorld.await(9_000, () -> probe.answeredBy() == A);
        Thread.sleep(700);
        return probe;
    }

    /** From the last answered question before a fault to the first one after, less the grid. */
    private static long outageAfter(AddressProbe probe, long faultNanos)
            throws InterruptedException {
        long answered = VrrpWorld.await(9_000, () -> probe.answeredBy() == B);
        if (answered < 0) {
            return -1;
        }
        Thread.sleep(100);
        List<Probe> probes = probe.probes();
        long lastBefore = faultNanos;
        long longest = 0;
        for (Probe p : probes) {
            if (p.answeredBy() != 0) {
                if (p.sentNanos() > faultNanos) {
                    longest = Math.max(longest, p.sentNanos() - lastBefore);
                }
                lastBefore = p.sentNanos();
            }
        }
        return Math.max(0, longest - AddressProbe.INTERVAL_NANOS);
    }

    private static final String GLOBAL = "global_defs {\n  router_id bench\n}\n";

    private static String configuration(int priority, String timing) {
        return GLOBAL + instance("VI_1", 51, priority, timing, "10.97.0.200");
    }

    private static String instance(
            String name, int id, int priority, String timing, String address) {
        return "vrrp_instance "
                + name
                + " {\n  state BACKUP\n  interface eth0\n  virtual_router_id "
                + id
                + "\n  priority "
                + priority
                + "\n"
                + timing
                + "  virtual_ipaddress {\n    "
                + address
                + "/16\n  }\n}\n";
    }
}
