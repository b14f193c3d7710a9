namespace Orchestration.Indexing.Chunking;

/// <summary>The headings open at a place of the text.</summary>
internal sealed class HeadingPath
{
    private readonly List<(int Level, string Title)> _open = [];

    public void Enter(int level, string title)
    {
        _open.RemoveAll(heading => heading.Level >= level);
        _open.Add((level, title));
    }

    /// <summary>The headings above a place; above a heading itself, only those of a lower level.</summary>
    public string Above(int level = int.MaxValue) => string.Join(" > ", _open.Where(heading => heading.Level < level).Select(heading => heading.Title));
}
