package io.holdfast.cib.diff;

import io.holdfast.base.Invariant;
import io.holdfast.cib.Cib;
import io.holdfast.cib.CibVersion;
import io.holdfast.cib.xml.Element;

/**
 * Patch sets, Pacemaker's format 2:
 *
 * <pre>
 * diff format="2"
 * +- version: source, target (admin_epoch, epoch, num_updates)
 * +- change operation="delete" path="…"
 * +- change operation="modify" path="…": change-list of change-attr; change-result: the element
 * +- change operation="create" path="PARENT" position="N": the new element
 * +- change operation="move"   path="…" position="N"
 * </pre>
 *
 * A path is {@code /cib/configuration/resources/primitive[@id='A']}: a name, and the id where there
 * is one. Deletions and modifications are applied first, in order; then creations and moves by
 * rising position.
 */
public final class CibPatch {
    private CibPatch() {}

    /**
     * The patch that makes {@code to} of {@code from}.
     *
     * @throws io.holdfast.base.ProblemException when no path can name what changed
     */
    public static Element make(Cib from, Cib to) {
        Element patch = new PatchMaker(true).make(from, to);
        if (!isRight(patch, from, to)) {
            // Some orders cannot be reached by moves, which are applied one by one: create anew.
            patch = new PatchMaker(false).make(from, to);
            Invariant.check(isRight(patch, from, to), "a patch set does not give its target");
        }
        return patch;
    }

    /**
     * Applies a patch. It is refused when the CIB is not of the version it starts from, or lacks
     * what it changes.
     *
     * @throws io.holdfast.base.ProblemException naming the version or the path
     */
    public static Cib apply(Cib cib, Element patch) {
        PatchApplier.checkFormat(patch);
        PatchApplier.checkSource(cib.version(), patch);
        return new Cib(PatchApplier.apply(cib.root(), patch));
    }

    /** The version a patch starts from, or leads to ({@code source}, {@code target}). */
    static CibVersion version(Element patch, String which) {
        Element version = patch.childOrEmpty("version").childOrEmpty(which);
        return new Cib(version.withName("cib")).version();
    }

    private static boolean isRight(Element patch, Cib from, Cib to) {
        return PatchApplier.apply(from.root(), patch)
                .equals(to.root().withText(from.root().text()));
    }
}
