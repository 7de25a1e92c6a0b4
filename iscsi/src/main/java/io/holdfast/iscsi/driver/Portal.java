package io.holdfast.iscsi.driver;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One listening address, shared by the targets that name it. */
final class Portal implements EventLoop.Channel, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Portal.class);
    private static final int BACKLOG = 512;

    private final InetSocketAddress configured;
    private final ServerSocketChannel channel;
    private final IscsiTargetService service;
    private final EventLoop loop;

    Portal(InetSocketAddress configured, IscsiTargetService service, EventLoop loop)
            throws IOException {
        this.configured = configured;
        this.service = service;
        this.loop = loop;
        this.channel = ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(configured, BACKLOG);
            channel.configureBlocking(false);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        loop.execute(this::watch);
    }

    private void watch() {
        try {
            loop.register(channel, SelectionKey.OP_ACCEPT, this);
        } catch (IOException e) {
            // Closed before it was watched: the target went as quickly as it came.
            LOG.debug("portal {} was closed already", configured, e);
        }
    }

    InetSocketAddress configured() {
        return configured;
    }

    /** With the port that was chosen when port 0 was asked for. */
    InetSocketAddress bound() throws IOException {
        return (InetSocketAddress) channel.getLocalAddress();
    }

    @Override
    public void ready(SelectionKey key, ByteBuffer staging) {
        try {
            SocketChannel accepted = channel.accept();
            if (accepted != null) {
                accepted.configureBlocking(false);
                accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
                accepted.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
                service.accepted(accepted);
            }
        } catch (IOException e) {
            LOG.warn("portal {}: a connection could not be accepted: {}", configured, e.toString());
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("portal {} did not close: {}", configured, e.toString());
        }
        loop.wakeup();
    }
}
