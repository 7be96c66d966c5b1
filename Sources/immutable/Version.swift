/// The version of this tool.
let immutableVersion = "0.1.0"
