using System.Text.Json;
using Orchestration.Simulator.Chat;

namespace Orchestration.Simulator.Responses;

/// <summary>A Responses request.</summary>
/// <param name="Chat">What all dialects have.</param>
/// <param name="Summary">True when a summary of the reasoning is wanted.</param>
/// <param name="Encrypted">True when the reasoning is wanted back in encrypted form.</param>
/// <param name="Store">True when the vendor would keep the response.</param>
/// <param name="Echo">The request as sent: much of it stands in the response again. A copy, since the answer outlives the document.</param>
internal sealed record ResponsesRequest(ChatRequest Chat, bool Summary, bool Encrypted, bool Store, JsonElement Echo);
