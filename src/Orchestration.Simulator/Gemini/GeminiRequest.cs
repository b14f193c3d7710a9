using Orchestration.Simulator.Chat;

namespace Orchestration.Simulator.Gemini;

/// <summary>A generateContent request.</summary>
/// <param name="Chat">What all dialects have.</param>
/// <param name="IncludeThoughts">True when the thoughts are shown.</param>
/// <param name="Signs">True when the model puts signatures on its calls and texts.</param>
/// <param name="Events">True for server-sent events, false for an array that is sent in pieces.</param>
internal sealed record GeminiRequest(ChatRequest Chat, bool IncludeThoughts, bool Signs, bool Events);
