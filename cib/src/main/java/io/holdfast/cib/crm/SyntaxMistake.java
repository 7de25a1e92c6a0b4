package io.holdfast.cib.crm;

import io.holdfast.cib.Finding;
import io.holdfast.cib.Severity;

/** Ends the reading of one statement; the others are read on, so that all mistakes are told. */
final class SyntaxMistake extends Exception {
    private final transient Finding finding;

    SyntaxMistake(String statement, int line, String what, String why, String remedy) {
        super(what);
        this.finding = new Finding(Severity.ERROR, statement, line, what, why, remedy);
    }

    Finding finding() {
        return finding;
    }
}
