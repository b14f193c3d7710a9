using Orchestration.Simulator.Dialects;

namespace Orchestration.Simulator.Rerank;

/// <summary>Reranking under every vendor's path: <c>/v1/rerank</c>, <c>/rerank</c>, <c>/rerankers</c>, Cohere's and DashScope's own.</summary>
internal static class RerankRoutes
{
    private const int MostDocuments = 2048;

    public static void MapRerank(this IEndpointRouteBuilder routes)
    {
        var reception = routes.ServiceProvider.GetRequiredService<Reception>();
        foreach (var path in new[] { "/{vendor}/v1/rerank", "/{vendor}/rerank", "/{vendor}/v1/rerankers", "/{vendor}/rerankers" })
            routes.MapPost(path, context => ServeAsync(context, reception, null, FormOf(context.Request.RouteValues["vendor"] as string)));
        routes.MapPost("/cohere/v2/rerank", context => ServeAsync(context, reception, "cohere", RerankForm.Cohere));
        routes.MapPost("/alibaba/api/v1/services/rerank/text-rerank/text-rerank", context => ServeAsync(context, reception, "alibaba", RerankForm.DashScope));
    }

    private static RerankForm FormOf(string? vendor) => vendor switch
    {
        "siliconflow" => RerankForm.SiliconFlow,
        "zhipu" => RerankForm.Zhipu,
        "baidu" => RerankForm.Baidu,
        "vllm" => RerankForm.Vllm,
        "cohere" => RerankForm.Cohere,
        _ => RerankForm.Jina,
    };

    private static Task ServeAsync(HttpContext context, Reception reception, string? vendor, RerankForm form) => reception.ServeAsync(
        context, new RerankDialect(form), vendor, "rerank",
        (root, _) => form == RerankForm.DashScope ? RerankRequest.ReadNested(root, Most(form)) : RerankRequest.Read(root, Most(form)),
        (visit, request) => RerankAnswer.WriteAsync(visit, request, form));

    private static int Most(RerankForm form) => form switch
    {
        RerankForm.Cohere => 1000,
        RerankForm.DashScope => 500,
        RerankForm.Zhipu => 128,
        _ => MostDocuments,
    };
}
