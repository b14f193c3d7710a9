using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Protocols;

/// <summary>A request body for a provider.</summary>
/// <param name="Body">JSON as UTF-8.</param>
/// <param name="Warnings">What was dropped or changed; a strict caller refuses the request for any of <see cref="Changes"/>.</param>
public sealed record EncodedRequest(ReadOnlyMemory<byte> Body, IReadOnlyList<Warning> Warnings)
{
    /// <summary>The warnings without those that cost the answer nothing.</summary>
    public IEnumerable<Warning> Changes => Warnings.Where(w => w.Code is not ("default_max_output" or ReplayedReasoning.HarmlessCode));

    /// <summary>Why the protocol cannot say this request at all; the body is not to be sent. Null when it can.</summary>
    public Failure? Refused { get; init; }

    /// <summary>Whether the body asks for a stream, where the encoder decides that; null when it asks for what the request asks for.</summary>
    public bool? Streams { get; init; }

    /// <summary>What is appended to the base address, where the vendor's differs from its protocol's; null when it does not.</summary>
    public string? Path { get; init; }
}
