using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Outcome of decoding a client's chat request.</summary>
public abstract record ChatRequestDecoding
{
    private ChatRequestDecoding()
    {
    }

    /// <summary>The request is well formed.</summary>
    /// <param name="Request">The request; its end user is left empty.</param>
    /// <param name="IncludeUsage">True when the client wants the usage chunk on a stream.</param>
    /// <param name="Warnings">What was dropped or changed.</param>
    /// <param name="EndUser">The end user's id as the client sent it (<c>safety_identifier</c>, else <c>user</c>), to be hashed before it goes on; empty when none.</param>
    /// <param name="Echo">Members that the protocol repeats in its answer, as one JSON object; empty when none.</param>
    public sealed record Decoded(ChatRequest Request, bool IncludeUsage, IReadOnlyList<Warning> Warnings, string EndUser = "", string Echo = "") : ChatRequestDecoding;

    /// <summary>The request is refused.</summary>
    public sealed record Rejected(Failure Failure) : ChatRequestDecoding;
}
