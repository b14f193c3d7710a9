using System.Buffers;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols;
using Orchestration.Providers.Egress;

namespace Orchestration.Providers.Execution;

/// <summary>Reads one provider's answer to one kind of request, and meters it.</summary>
internal interface IAnswerReader
{
    /// <summary>True once content was passed on: no other candidate may answer.</summary>
    public bool Committed { get; }

    /// <summary>What was read so far.</summary>
    public AnswerSeen Seen { get; }

    /// <summary>Name and id that the provider reported; empty when none.</summary>
    public (string Model, string ResponseId) Reported { get; }

    /// <summary>Reads an answer with a 2xx status to its end.</summary>
    /// <returns>How the answer failed; null when it is complete.</returns>
    public Task<Failure?> ReadAsync(UpstreamAnswer answer, AttemptClock clock);

    /// <summary>Classifies an answer with another status.</summary>
    public Failure DecodeError(int status, ReadOnlySpan<byte> body, RetryHints hints);

    /// <summary>The read ended for a reason outside the answer's protocol.</summary>
    public void Fail(Failure failure);

    /// <summary>The client has left: tells how long the read may go on.</summary>
    public void ClientLeft(AttemptClock clock);
}

/// <summary>An answer whose headers were read.</summary>
/// <param name="Body">The body; every read is timed.</param>
/// <param name="IsEventStream">True for server-sent events, false for one JSON document.</param>
internal sealed record UpstreamAnswer(ObservedStream Body, bool IsEventStream)
{
    /// <exception cref="InvalidDataException">The body is larger than an answer may be.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadWholeAsync(int maxBytes, CancellationToken cancellationToken)
    {
        using var whole = new MemoryStream();
        var buffer = ArrayPool<byte>.Shared.Rent(32 * 1024);
        try
        {
            for (int read; (read = await Body.ReadAsync(buffer, cancellationToken)) > 0;)
            {
                if (whole.Length + read > maxBytes) throw new InvalidDataException("The body is larger than an answer may be.");
                whole.Write(buffer, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return whole.GetBuffer().AsMemory(0, (int)whole.Length);
    }
}
