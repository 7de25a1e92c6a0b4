package io.holdfast.scheduler.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A merge sort that takes any comparator, also one that contradicts itself: the preferences among
 * clone instances are no total order, and the library's sort rejects such.
 */
final class StableSort {
    private StableSort() {}

    static <T> void sort(List<T> list, Comparator<? super T> comparator) {
        if (list.size() > 1) {
            List<T> sorted = sorted(new ArrayList<>(list), comparator);
            for (int i = 0; i < sorted.size(); i++) {
                list.set(i, sorted.get(i));
            }
        }
    }

    private static <T> List<T> sorted(List<T> list, Comparator<? super T> comparator) {
        if (list.size() < 2) {
            return list;
        }
        int middle = (list.size() + 1) / 2;
        List<T> left = sorted(list.subList(0, middle), comparator);
        List<T> right = sorted(list.subList(middle, list.size()), comparator);
        List<T> merged = new ArrayList<>(list.size());
        int l = 0;
        int r = 0;
        while (l < left.size() && r < right.size()) {
            merged.add(
                    comparator.compare(left.get(l), right.get(r)) <= 0
                            ? left.get(l++)
                            : right.get(r++));
        }
        merged.addAll(left.subList(l, left.size()));
        merged.addAll(right.subList(r, right.size()));
        return merged;
    }
}
