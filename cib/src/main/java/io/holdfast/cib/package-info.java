/** What the cluster should be and is. */
package io.holdfast.cib;
