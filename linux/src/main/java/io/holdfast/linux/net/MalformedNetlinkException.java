package io.holdfast.linux.net;

import io.holdfast.base.Problem;
import io.holdfast.base.ProblemException;

/** Netlink bytes whose lengths contradict each other. */
final class MalformedNetlinkException extends ProblemException {
    MalformedNetlinkException(String why) {
        super(
                new Problem(
                        "a netlink message cannot be understood",
                        "rtnetlink",
                        why,
                        "report it with the output of `uname -r`"));
    }
}
