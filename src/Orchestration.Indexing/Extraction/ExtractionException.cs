namespace Orchestration.Indexing.Extraction;

/// <summary>Ends the reading of a file that cannot become text: another try would end the same way.</summary>
/// <param name="code">For programs.</param>
/// <param name="reason">For people.</param>
internal sealed class ExtractionException(string code, string reason) : Exception(reason)
{
    public string Code => code;
}
