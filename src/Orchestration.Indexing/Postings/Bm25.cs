namespace Orchestration.Indexing.Postings;

/// <summary>Okapi BM25 with the idf that never turns negative.</summary>
/// <param name="Chunks">Chunks of the index.</param>
/// <param name="Terms">Terms of all of them.</param>
internal readonly record struct Bm25(int Chunks, long Terms)
{
    /// <summary>How soon a term's repetitions stop to count.</summary>
    private const double K1 = 1.2;

    // How far a long chunk is held to repeat itself. A Chinese text gives each character twice, alone and in pairs.
    private const double WordB = 0.52;
    private const double CharacterB = 0.75;

    // Kana, ideographs and what follows them.
    private const char FirstIdeograph = '\u3040';

    private double Idf(int frequency) => Math.Log(1 + ((Chunks - frequency + 0.5) / (frequency + 0.5)));

    /// <summary>What a term adds to a chunk's score for each time that the query holds it.</summary>
    public double Score(TermPostings term, int place)
    {
        var b = term.Term[0] >= FirstIdeograph ? CharacterB : WordB;
        var norm = K1 * (1 - b + (b * term.Lengths[place] * Chunks / Terms));
        return Idf(term.Chunks.Length) * term.Frequencies[place] / (term.Frequencies[place] + norm);
    }
}
