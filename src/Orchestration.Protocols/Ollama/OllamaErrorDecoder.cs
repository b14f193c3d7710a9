using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Ollama;

/// <summary>Classifies Ollama's errors, <c>{"error":"text"}</c> with a status or as a line of an answer with status 200.</summary>
public static class OllamaErrorDecoder
{
    /// <summary>Classifies an error. The result holds nothing that a client must not see.</summary>
    /// <param name="status">HTTP status of the server; 200 for an error within an answer.</param>
    /// <param name="body">Body as received; may be empty or cut.</param>
    /// <param name="hints">What the headers say.</param>
    /// <param name="codes">The vendor's own error codes; null when it has none.</param>
    public static Failure Decode(int status, ReadOnlySpan<byte> body, RetryHints hints, IReadOnlyDictionary<string, FailureClass>? codes = null) =>
        OpenAIErrorDecoder.Decode(status, body, hints, codes);
}
