package io.holdfast.daemon.offline;

/** What these commands end with: the codes of Pacemaker's tools. */
final class ExitCode {
    static final int OK = 0;

    /**
     * CRM_EX_ERROR: the transition cannot be played through; crm_verify: no configuration named.
     */
    static final int ERROR = 1;

    /** CRM_EX_USAGE. */
    static final int USAGE = 64;

    /** CRM_EX_NOINPUT: the file cannot be read, or the cluster does not answer. */
    static final int NO_INPUT = 66;

    /** CRM_EX_SOFTWARE: a bug of ours. */
    static final int BUG = 70;

    /** CRM_EX_CANTCREAT. */
    static final int CANNOT_CREATE = 73;

    /** CRM_EX_CONFIG: the configuration did not pass validation. */
    static final int CONFIGURATION = 78;

    /** The output cannot be had in that form. */
    static final int UNKNOWN_FORMAT = 105;

    private ExitCode() {}
}
