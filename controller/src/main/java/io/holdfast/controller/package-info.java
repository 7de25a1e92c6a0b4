/** The coordinator. */
package io.holdfast.controller;
