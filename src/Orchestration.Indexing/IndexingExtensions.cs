namespace Orchestration.Indexing;

internal static class IndexingExtensions
{
    public static WebApplicationBuilder AddIndexing(this WebApplicationBuilder builder) => builder;

    public static WebApplication MapIndexing(this WebApplication app) => app;
}
