namespace Orchestration.Simulator.Journal;

internal static class JournalEndpoint
{
    private const int LargestPage = 20_000;

    public static void MapJournal(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/simulator/journal", (RequestJournal journal, long? after, int? limit) =>
            Results.Ok(journal.Read(after ?? 0, Math.Clamp(limit ?? LargestPage, 1, LargestPage))));
        routes.MapDelete("/simulator/journal", (RequestJournal journal) =>
        {
            journal.Clear();
            return Results.NoContent();
        });
    }
}
