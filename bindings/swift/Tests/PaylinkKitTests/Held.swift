import Foundation

/// A database that another process is busy with: what reads or writes it waits in the core's store. SQLite gives up by
/// itself after five seconds at the earliest.
///
/// The lock is one that does not belong to a process, so that it keeps this one out as well.
final class BusyDatabase: Sendable {
    /// Never closed: with the last descriptor SQLite's own locks of that file would go, too.
    private let index: Int32

    /// Of a core that is open.
    init(_ folder: Folder) {
        index = open("\(folder.path)/paylink.db-shm", O_RDWR)
        lock(F_WRLCK)
    }

    func letGo() { lock(F_UNLCK) }

    /// The marks that readers set in the index of the log.
    private func lock(_ kind: Int32) {
        let ofDescriptors: Int32 = 37
        var lock = flock()
        (lock.l_type, lock.l_start, lock.l_len) = (Int16(kind), 123, 5)
        precondition(fcntl(index, ofDescriptors, &lock) == 0, "it is locked")
    }
}

/// Whether a core's store is at a call and cannot go on: SQLite sleeps between its tries, and nothing else there does.
func storeWaits() -> Bool {
    #if arch(x86_64)
        let sleeps = "230 "
    #else
        let sleeps = "115 "
    #endif
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
    return threads.contains { thread in
        func told(_ what: String) -> String {
            (try? String(contentsOfFile: "/proc/self/task/\(thread)/\(what)", encoding: .utf8)) ?? ""
        }
        return told("comm") == "paylink-store\n" && told("syscall").hasPrefix(sleeps)
    }
}

/// A way to the sandbox that takes requests, and hands nothing on until it lets go.
final class Relay: Sendable {
    let origin: String
    /// Connections with a request.
    let asked = Shared<[Int32]>([])
    private let listener: Int32
    private let gate = DispatchSemaphore(value: 0)

    init() {
        // A write to who is gone is an error, and not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        let socket = Self.socket()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = Self.with(port: 0) { bind(socket, $0, size) } == 0 && listen(socket, 64) == 0
        var address = sockaddr_in()
        withUnsafeMutablePointer(to: &address) {
            _ = $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &size) }
        }
        precondition(bound && address.sin_port != 0, "no port")
        listener = socket
        origin = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
        Thread.detachNewThread { [listener, asked, gate] in
            while true {
                let near = accept(listener, nil, nil)
                guard near >= 0 else { return }
                Thread.detachNewThread { Self.carry(near, asked, gate) }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    func letGo() { gate.signal() }

    /// Ends the connections that it holds.
    func cut() {
        for near in asked.value { shutdown(near, Int32(SHUT_RDWR)) }
        letGo()
    }

    private static func carry(_ near: Int32, _ asked: Shared<[Int32]>, _ gate: DispatchSemaphore) {
        var request = [UInt8](repeating: 0, count: 65_536)
        let length = read(near, &request, request.count)
        guard length > 0 else { return }
        asked.change { $0.append(near) }
        gate.wait()
        gate.signal()
        let far = socket()
        let port = UInt16(URL(string: Sandbox.shared.origin)?.port ?? 0)
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        guard with(port: port, { connect(far, $0, size) }) == 0, write(far, request, length) == length else { return }
        Thread.detachNewThread { copy(near, far) }
        copy(far, near)
    }

    private static func copy(_ from: Int32, _ to: Int32) {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while case let length = read(from, &bytes, bytes.count), length > 0, write(to, bytes, length) == length {}
        shutdown(to, Int32(SHUT_RDWR))
    }

    private static func socket() -> Int32 {
        #if canImport(Glibc)
            Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            Darwin.socket(AF_INET, SOCK_STREAM, 0)
        #endif
    }

    /// An address of this machine.
    private static func with(port: UInt16, _ use: (UnsafePointer<sockaddr>) -> Int32) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        address.sin_port = port.bigEndian
        return withUnsafePointer(to: &address) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1, use) }
    }
}
