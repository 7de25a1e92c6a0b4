package io.holdfast.cib.diff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Longest increasing subsequences: what of a list need not be moved to sort it. */
final class Increasing {
    private Increasing() {}

    /** Indexes of one longest strictly increasing subsequence, in order. n log n. */
    static List<Integer> longest(int[] values) {
        int[] endsAt = new int[values.length]; // endsAt[k]: index ending the best run of k + 1
        int[] before = new int[values.length];
        int length = 0;
        for (int i = 0; i < values.length; i++) {
            int low = 0;
            int high = length;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (values[endsAt[middle]] < values[i]) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            before[i] = low == 0 ? -1 : endsAt[low - 1];
            endsAt[low] = i;
            length = Math.max(length, low + 1);
        }
        Integer[] run = new Integer[length];
        int at = length == 0 ? -1 : endsAt[length - 1];
        for (int k = length - 1; k >= 0; k--) {
            run[k] = at;
            at = before[at];
        }
        return new ArrayList<>(Arrays.asList(run));
    }
}
