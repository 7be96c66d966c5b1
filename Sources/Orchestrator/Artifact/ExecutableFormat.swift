import Foundation

/// What kind of program a file is, by its first bytes.
enum ExecutableFormat: Sendable, Equatable {
    /// `machine`: e_machine of the ELF header, 62 is x86-64, 183 is AArch64.
    case elf(machine: UInt16)
    case machO
    /// A script, for one.
    case other

    init(path: String) throws {
        let handle = try FileHandle(forReadingFrom: URL(filePath: path))
        self.init(header: Array(try handle.read(upToCount: 20) ?? Data()))
    }

    init(header: [UInt8]) {
        if header.count == 20, header.starts(with: [0x7F, 0x45, 0x4C, 0x46]) {
            // Byte 5 is 2 where the rest is big-endian.
            self = .elf(
                machine: header[5] == 2 ? UInt16(header[18]) << 8 | UInt16(header[19]) : UInt16(header[19]) << 8 | UInt16(header[18]))
        } else if header.starts(with: [0xCF, 0xFA, 0xED, 0xFE]) || header.starts(with: [0xCA, 0xFE, 0xBA, 0xBE]) {
            self = .machO
        } else {
            self = .other
        }
    }

    /// Whether this machine can be expected to run it.
    var runsHere: Bool {
        switch self {
        case .other: return true
        #if os(Linux)
            case .machO: return false
            #if arch(x86_64)
                case .elf(let machine): return machine == 62
            #elseif arch(arm64)
                case .elf(let machine): return machine == 183
            #else
                case .elf: return true
            #endif
        #else
            case .machO: return true
            case .elf: return false
        #endif
        }
    }
}
