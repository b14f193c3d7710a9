using Microsoft.Extensions.AI;

namespace Orchestration.Client;

/// <summary>The facts of answers of Microsoft.Extensions.AI.</summary>
public static class OrchestrationFactsExtensions
{
    /// <summary>
    /// Who answered and at what cost. After a tool loop these are the facts of its last request; each earlier one has its own on its message, see
    /// <see cref="GetOrchestrationFacts(ChatMessage)"/>.
    /// </summary>
    /// <param name="response">An answer.</param>
    /// <returns>The facts, or null when it is not an answer of the gateway.</returns>
    public static OrchestrationFacts? GetOrchestrationFacts(this ChatResponse response) => OrchestrationFacts.From(response.AdditionalProperties);

    /// <summary>Who answered with this message and at what cost; on messages of plain answers.</summary>
    /// <param name="message">A message of the assistant.</param>
    /// <returns>The facts, or null when there are none.</returns>
    public static OrchestrationFacts? GetOrchestrationFacts(this ChatMessage message) => OrchestrationFacts.From(message.AdditionalProperties);

    /// <summary>Who answered and at what cost; on the last update of each request.</summary>
    /// <param name="update">A piece of a streamed answer.</param>
    /// <returns>The facts, or null on every other update.</returns>
    public static OrchestrationFacts? GetOrchestrationFacts(this ChatResponseUpdate update) => OrchestrationFacts.From(update.AdditionalProperties);

    /// <summary>Who embedded and at what cost.</summary>
    /// <param name="embeddings">Vectors.</param>
    /// <returns>The facts, or null when they are not the gateway's.</returns>
    public static OrchestrationFacts? GetOrchestrationFacts(this GeneratedEmbeddings<Embedding<float>> embeddings) => OrchestrationFacts.From(embeddings.AdditionalProperties);
}
