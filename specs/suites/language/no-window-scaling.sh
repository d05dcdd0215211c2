#!/bin/sh
# SPDX-License-Identifier: MIT
# What option-init-scripts.pkt has run before it.
sysctl -q net.ipv4.tcp_window_scaling=0
