using Grpc.Core;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Indexing.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Collections;
using Orchestration.Gateway.Errors;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.Gateway.Grounding;

/// <summary>Searches a collection for what a request asks, and puts what it finds into the conversation.</summary>
internal sealed class Grounder(
    IndexingService.IndexingServiceClient indexing,
    QuestionCondenser condenser,
    SecretHasher hasher,
    InternalCalls calls,
    IOptions<GatewayOptions> options)
{
    private const int DefaultPassages = 8;
    private const int DefaultContextTokens = 3_000;
    private const int LongestQuestion = 4_096;

    /// <summary>Changes the conversation where something is found, and leaves it as it is where nothing is.</summary>
    public async ValueTask<GroundingOutcome> GroundAsync(Caller caller, ChatRequest request, CancellationToken cancellationToken)
    {
        var wish = request.Grounding;
        if (GroundingChecks.Check(wish, caller) is { } refused)
            return new GroundingOutcome.Refused(refused);
        var question = await condenser.CondenseAsync(caller, request, cancellationToken);
        if (question.Length == 0)
            return new GroundingOutcome.Refused(Failures.Invalid("no_question", "A grounded request needs a user turn with text.", "messages"));

        var search = new SearchRequest
        {
            Collection = wish.Collection,
            Query = question.Length > LongestQuestion ? question[..LongestQuestion] : question,
            Limit = wish.Limit == 0 ? DefaultPassages : wish.Limit,
        };
        try
        {
            var found = await indexing.SearchAsync(search, calls.For(caller.TenantId, "query", options.Value.QueryTimeout, cancellationToken));
            return new GroundingOutcome.Grounded(Write(request, wish, caller, search.Query, found));
        }
        catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new GroundingOutcome.Refused(IndexingFailures.Of(exception));
        }
    }

    private GroundedQuestion Write(ChatRequest request, Contracts.Chat.V1.Grounding wish, Caller caller, string question, SearchResponse found)
    {
        var sources = SourceBlock.Choose(found.Passages, wish.ContextTokens == 0 ? DefaultContextTokens : wish.ContextTokens, request.Model);
        if (sources.Count > 0)
        {
            // The same for the same sources, so that equal requests stay equal to the cache; nobody outside can know it.
            GroundedPrompt.Write(request, sources, hasher.Pseudonym(caller.TenantId, SourceBlock.Write(sources, "")));
        }

        return new GroundedQuestion(wish, question, sources);
    }
}
