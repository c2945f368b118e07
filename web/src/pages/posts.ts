import { useSettings } from '../api/queries';
import { useText } from '../text/TextProvider';

/** Title of a post by its id. Who may not see the settings sees the id. */
export function usePostTitle(): (id: string | null) => string {
  const settings = useSettings();
  const { local, t } = useText();
  return (id) => {
    if (id === null) return t('none');
    const post = settings.data?.posts.find((p) => p.id === id);
    return post ? local(post.title) : id;
  };
}
