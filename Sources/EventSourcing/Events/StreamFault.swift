/// An error of one stream's content: that stream stops, others go on. Trying again alone doesn't mend it.
public protocol StreamFault: Error {}
