package io.holdfast.cib;

import io.holdfast.cib.crm.CrmConfigure;
import io.holdfast.cib.crm.LoadMode;
import io.holdfast.cib.status.CibStatus;
import io.holdfast.cib.status.NodeState;
import io.holdfast.cib.status.OperationRecord;
import io.holdfast.cib.status.OperationStatus;
import io.holdfast.cib.status.ResourceAgent;
import io.holdfast.cib.status.TransitionKey;

/** Configurations that several tests begin from. */
public final class Samples {
    private Samples() {}

    /** Every kind of crm statement, in the form that crm itself prints. */
    public static final String EVERYTHING =
            """
            node 1: n1 \\
            \tattributes standby=on \\
            \tutilization cpu=4
            node n2
            # templates save typing
            rsc_template T systemd:foo \\
            \top monitor interval=3 timeout=20s
            primitive A Dummy \\
            \tparams state="/run/a b" \\
            \tmeta target-role=Started \\
            \top monitor interval=10 timeout=20s \\
            \top start timeout=5 interval=0 \\
            \tmeta priority=3
            primitive F lsb:bar \\
            \top monitor interval=5s
            group G A F \\
            \tmeta target-role=Stopped
            primitive B ocf:pacemaker:Stateful \\
            \top monitor interval=5 role=Promoted op_params depth=10 \\
            \top monitor interval=6 role=Unpromoted
            clone MM B \\
            \tmeta promotable=true interleave=true
            primitive C @T
            clone CC C
            primitive S stonith:fence_dummy \\
            \tparams pcmk_host_list="n1 n2"
            bundle W \\
            \tdocker image="pcmk:http" replicas=2 \\
            \tnetwork ip-range-start=192.168.122.131 port-mapping port=80 id=W-port-mapping \\
            \tstorage storage-mapping source-dir="/srv" target-dir="/var/www" id=W-storage-mapping \\
            \tmeta target-role=Started
            tag TG A F
            location l1 G \\
            \trule $role=Promoted 5: #uname eq n1 and defined pingd
            location l2 G 50: n1
            location l3 { S CC } resource-discovery=never inf: n2
            location l4 /re.*/ \\
            \trule -inf: pingd number:lt 5 \\
            \trule 10: date in start=2010-01-01 end=2020-01-01 or date spec hours=9-16
            colocation c1 inf: G CC
            colocation c2 -10: ( CC MM ) S
            colocation c3 inf: G MM:Promoted
            order o1 Mandatory: CC MM:promote G:start symmetrical=false
            order o2 Optional: [ CC MM ] S:start
            order o3 Serialize: G CC
            rsc_ticket t1 TK: G loss-policy=fence
            rsc_ticket t2 TK: MM:Unpromoted S
            fencing_topology \\
            \tn1: S \\
            \tn2: S,S S
            property cib-bootstrap-options: \\
            \tstonith-enabled=true \\
            \tno-quorum-policy=stop
            property foo: \\
            \trule date gt 2010-01-01 \\
            \ta=b
            rsc_defaults rsc-options: \\
            \tresource-stickiness=100
            op_defaults op-options: \\
            \ttimeout=20
            role R1 \\
            \tread xpath:"//nodes" \\
            \twrite ref:A \\
            \tdeny attr:id type:primitive
            acl_target u1 \\
            \tR1
            alert al "/usr/bin/true" \\
            \tattributes a=b \\
            \tmeta timeout=5 \\
            \tselect nodes fencing attributes { x y } \\
            \tto "/path" attributes k=v \\
            \tto "/p2"
            """;

    /** A CIB with every kind of object, and some status. */
    public static Cib everything() {
        Cib cib = CrmConfigure.load(Cib.empty(), EVERYTHING, LoadMode.REPLACE).cib();
        cib = CibStatus.withNodeState(cib, NodeState.member("n1", 1_700_000_000));
        cib = CibStatus.withTransientAttribute(cib, "n1", "master-B", "5");
        ResourceAgent agent = new ResourceAgent("ocf", "heartbeat", "Dummy");
        OperationRecord start =
                OperationRecord.pending(
                                "A",
                                agent,
                                "start",
                                0,
                                new TransitionKey(1, 2, 0, "c"),
                                1_700_000_000)
                        .finished(4, OperationStatus.DONE, 0, "", 12);
        return CibStatus.withOperation(cib, "n1", start);
    }
}
