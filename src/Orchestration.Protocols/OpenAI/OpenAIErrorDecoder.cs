using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Classifies the errors of OpenAI-compatible providers: body code, then type, then message, then status.</summary>
public static class OpenAIErrorDecoder
{
    /// <summary>Classifies an error answer. The result holds nothing that a client must not see.</summary>
    /// <param name="status">HTTP status of the provider; 200 for an error object in a successful answer.</param>
    /// <param name="body">Body as received; may be HTML, empty or cut.</param>
    /// <param name="hints">What the headers say.</param>
    /// <param name="codes">The vendor's own codes and types; they come before the general ones. Null when it has none.</param>
    public static Failure Decode(int status, ReadOnlySpan<byte> body, RetryHints hints, IReadOnlyDictionary<string, FailureClass>? codes = null) =>
        throw new NotImplementedException();
}
