import Dispatch

/// Makes a blocking call on a queue; Swift's own threads are few and must not be held up. Cancelling changes nothing.
func run<Answer: Sendable>(
    on queue: DispatchQueue, _ call: @escaping @Sendable () throws -> Answer
) async throws -> Answer {
    try await withCheckedThrowingContinuation { waiting in
        queue.async { waiting.resume(with: Result(catching: call)) }
    }
}

/// As above, for what cannot fail.
func run(on queue: DispatchQueue, _ call: @escaping @Sendable () -> Void) async {
    await withCheckedContinuation { waiting in
        queue.async {
            call()
            waiting.resume()
        }
    }
}

/// Waits for work that goes on without being waited for. A task that is cancelled gets `CancellationError` at once, and
/// the work goes on; a task that was cancelled before starts nothing.
///
/// The generated calls alone cannot do that: cancelling a task does not reach Rust, so its caller would wait on.
func waiting<Answer: Sendable>(
    for work: @escaping @Sendable () async throws -> Answer
) async throws -> Answer {
    try Task.checkCancellation()
    let (answers, answered) = AsyncStream.makeStream(of: Result<Answer, any Error>.self)
    Task.detached {
        do {
            answered.yield(.success(try await work()))
        } catch {
            answered.yield(.failure(error))
        }
        answered.finish()
    }
    // A stream ends for a reader that is cancelled.
    for await answer in answers { return try answer.get() }
    throw CancellationError()
}
