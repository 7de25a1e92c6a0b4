package io.holdfast.replication.core;

import io.holdfast.base.Invariant;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * One bit a block: which blocks a peer lacks, or may lack.
 *
 * <p>Kept in pages of {@link #PAGE_BLOCKS}, the unit in which it goes to disk and over the wire. A
 * page without a set bit takes no memory, so an idle volume of any size costs next to nothing.
 */
public final class BlockBitmap {
    /** 31 extents of 1,024 blocks: 3,968 bytes, which with a header make 4 KiB on disk. */
    public static final int PAGE_BLOCKS = 31 * 1024;

    public static final int PAGE_WORDS = PAGE_BLOCKS / Long.SIZE;

    private final long blocks;
    private final long[] @Nullable [] pages;
    private final BitSet changedPages = new BitSet();
    private long count;

    public BlockBitmap(long blocks) {
        this.blocks = blocks;
        this.pages = new long[pageCount(blocks)] @Nullable [];
    }

    /** How many pages a bitmap for so many blocks has. */
    public static int pageCount(long blocks) {
        return Math.toIntExact((blocks + PAGE_BLOCKS - 1) / PAGE_BLOCKS);
    }

    public static int pageOf(long block) {
        return (int) (block / PAGE_BLOCKS);
    }

    public int pageCount() {
        return pages.length;
    }

    /** How many bits are set. */
    public long count() {
        return count;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    public boolean isSet(long block) {
        long[] page = pages[pageOf(block)];
        int bit = (int) (block % PAGE_BLOCKS);
        return page != null && (page[bit >> 6] & (1L << bit)) != 0;
    }

    public void set(long fromBlock, long endBlock) {
        for (long block = fromBlock; block < endBlock; ) {
            long next = nextWord(block, endBlock);
            long[] page = pageForSetting(pageOf(block));
            int word = (int) (block % PAGE_BLOCKS) >> 6;
            add(pageOf(block), page, word, mask(block, next));
            block = next;
        }
    }

    public void clear(long fromBlock, long endBlock) {
        for (long block = fromBlock; block < endBlock; ) {
            long next = nextWord(block, endBlock);
            remove(pageOf(block), (int) (block % PAGE_BLOCKS) >> 6, mask(block, next));
            block = next;
        }
    }

    public void setAll() {
        set(0, blocks);
    }

    public void clearAll() {
        for (int i = 0; i < pages.length; i++) {
            if (pages[i] != null) {
                pages[i] = null;
                changedPages.set(i);
            }
        }
        count = 0;
    }

    /** Sets 64 bits that start at a block that is a multiple of 64, where {@code bits} has ones. */
    public void setWord(long firstBlock, long bits) {
        if (bits != 0) {
            int page = pageOf(firstBlock);
            add(page, pageForSetting(page), (int) (firstBlock % PAGE_BLOCKS) >> 6, bits);
        }
    }

    /** The first set bit at or after {@code fromBlock}; -1 when there is none. */
    public long nextSet(long fromBlock) {
        if (fromBlock >= blocks) {
            return -1;
        }
        int word = (int) (fromBlock % PAGE_BLOCKS) >> 6;
        long firstMask = -1L << fromBlock;
        for (int i = pageOf(fromBlock); i < pages.length; i++) {
            long[] page = pages[i];
            if (page != null) {
                for (; word < PAGE_WORDS; word++) {
                    long bits = page[word] & firstMask;
                    firstMask = -1L;
                    if (bits != 0) {
                        return (long) i * PAGE_BLOCKS
                                + (long) word * Long.SIZE
                                + Long.numberOfTrailingZeros(bits);
                    }
                }
            }
            word = 0;
            firstMask = -1L;
        }
        return -1;
    }

    /** One past the run of set bits that starts at {@code fromBlock}, at most {@code limit}. */
    public long endOfRun(long fromBlock, long limit) {
        long end = fromBlock;
        while (end < limit && end < blocks && isSet(end)) {
            end++;
        }
        return end;
    }

    /** Sets every bit that {@code other} has set. */
    public void setAllOf(BlockBitmap other) {
        Invariant.check(other.blocks == blocks, "bitmaps of different volumes");
        for (int i = 0; i < pages.length; i++) {
            long[] theirs = other.pages[i];
            if (theirs != null) {
                setPage(i, theirs);
            }
        }
    }

    /** Clears every bit that {@code other} has set. */
    public void clearAllOf(BlockBitmap other) {
        Invariant.check(other.blocks == blocks, "bitmaps of different volumes");
        for (int i = 0; i < pages.length; i++) {
            long[] theirs = other.pages[i];
            if (theirs != null && pages[i] != null) {
                for (int word = 0; word < PAGE_WORDS; word++) {
                    remove(i, word, theirs[word]);
                }
            }
        }
    }

    /**
     * A page's words, or null when none is set; not to be changed, and only valid until the next
     * change.
     */
    public long @Nullable [] page(int index) {
        return pages[index];
    }

    /** Sets what {@code words} has set; bits beyond the volume's end are dropped. */
    public void setPage(int index, long[] words) {
        Invariant.check(words.length == PAGE_WORDS, "a page of %d words", words.length);
        long firstBlock = (long) index * PAGE_BLOCKS;
        for (int word = 0; word < PAGE_WORDS; word++) {
            long wordBlock = firstBlock + (long) word * Long.SIZE;
            long inside = blocks - wordBlock;
            if (inside <= 0) {
                return;
            }
            long mask = inside >= Long.SIZE ? -1L : (1L << inside) - 1;
            setWord(wordBlock, words[word] & mask);
        }
    }

    /** The next page at or after {@code from} that changed since {@link #pageWritten}; or -1. */
    public int nextChangedPage(int from) {
        return changedPages.nextSetBit(from);
    }

    public boolean isChanged(int page) {
        return changedPages.get(page);
    }

    /** Says that a page, as it is now, is on its way to disk. */
    public void pageWritten(int page) {
        changedPages.clear(page);
    }

    private void add(int pageIndex, long[] page, int word, long bits) {
        long added = bits & ~page[word];
        if (added != 0) {
            page[word] |= added;
            count += Long.bitCount(added);
            changedPages.set(pageIndex);
        }
    }

    private void remove(int pageIndex, int word, long bits) {
        long[] page = pages[pageIndex];
        long removed = page == null ? 0 : bits & page[word];
        if (page == null || removed == 0) {
            return;
        }
        page[word] &= ~removed;
        count -= Long.bitCount(removed);
        changedPages.set(pageIndex);
        if (page[word] == 0 && isAllZero(page)) {
            pages[pageIndex] = null;
        }
    }

    // Called when a word became empty only; the scan stops at the first word that is not.
    private static boolean isAllZero(long[] page) {
        for (long word : page) {
            if (word != 0) {
                return false;
            }
        }
        return true;
    }

    private long[] pageForSetting(int index) {
        long[] page = pages[index];
        if (page == null) {
            page = new long[PAGE_WORDS];
            pages[index] = page;
        }
        return page;
    }

    /** Where the word that {@code block} lies in ends, at most {@code endBlock}. */
    private static long nextWord(long block, long endBlock) {
        return Math.min(endBlock, (block | (Long.SIZE - 1)) + 1);
    }

    /** Ones for the blocks from {@code block} to before {@code next}, which share a word. */
    private static long mask(long block, long next) {
        int length = (int) (next - block);
        long ones = length == Long.SIZE ? -1L : (1L << length) - 1;
        return ones << block;
    }

    @Override
    public String toString() {
        return count + " of " + blocks + " blocks, pages " + Arrays.toString(describePages());
    }

    private int[] describePages() {
        return Arrays.stream(pages)
                .mapToInt(p -> p == null ? 0 : Arrays.stream(p).mapToInt(Long::bitCount).sum())
                .limit(8)
                .toArray();
    }
}
