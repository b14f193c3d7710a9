using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Protocols.Gemini;

/// <summary>Encodes a chat request for Gemini's generateContent and streamGenerateContent, whose bodies are the same.</summary>
public static class GeminiRequestEncoder
{
    /// <summary>Encodes a request. Unknown members go on only when the request came in this protocol; members that steer never do.</summary>
    public static EncodedRequest Encode(ChatRequest request, GeminiRequestTarget target)
    {
        using var writer = new GeminiRequestWriter(request, target);
        return writer.Write();
    }

    /// <summary>Number of candidates that a request's body asks for.</summary>
    public static int CandidatesOf(ChatRequest request) => GeminiConfigWriter.CandidatesOf(request);
}
