/** SIP, SDP, RTP, SRTP and codecs from the RFCs: bytes in, events out. */
export {};
